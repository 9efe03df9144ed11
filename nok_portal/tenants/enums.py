from django.db.models import TextChoices


class Sphere(TextChoices):
    """Spheres of the independent assessment (392-ФЗ)."""

    CULTURE = "culture", "Культура"
    EDUCATION = "education", "Образование"
    HEALTH = "health", "Охрана здоровья"
    SOCIAL = "social", "Социальное обслуживание"


class ActKind(TextChoices):
    """Kinds of legal acts of a municipality."""

    DECREE = "decree", "Постановление"
    DIRECTIVE = "directive", "Распоряжение"
    ORDER = "order", "Приказ"
    DECISION = "decision", "Решение"
    MINUTES = "minutes", "Протокол"
    OTHER = "other", "Иной акт"
