from django.db.models import TextChoices


class Sphere(TextChoices):
    """Spheres of the independent assessment (392-ФЗ)."""

    CULTURE = "culture", "Культура"
    EDUCATION = "education", "Образование"
    HEALTH = "health", "Охрана здоровья"
    SOCIAL = "social", "Социальное обслуживание"
