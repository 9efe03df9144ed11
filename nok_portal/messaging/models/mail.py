import uuid

from django.conf import settings
from django.db import models


class OutgoingMail(models.Model):
    """A letter: a row first, sent by a task; a crash between the two loses nothing.

    `claimed_until` is the sender's hold: while it lies in the future nobody else sends the letter. The
    same `message_id` goes out with each try, so that a mailbox sees a repeated letter once.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Ждёт отправки"
        SENT = "sent", "Отправлено"
        FAILED = "failed", "Не отправлено"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(
        "tenants.Municipality", models.PROTECT, null=True, related_name="+", verbose_name="муниципалитет"
    )
    region = models.ForeignKey("tenants.Region", models.PROTECT, null=True, related_name="+", verbose_name="регион")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="кому"
    )
    kind = models.CharField("вид", max_length=50)
    recipient = models.EmailField("адрес")
    subject = models.CharField("тема", max_length=300)
    text = models.TextField("текст")
    html = models.TextField("HTML", blank=True)
    # the body carries a link that opens something: it is erased once the letter has gone or was given up
    has_secret = models.BooleanField("со ссылкой-ключом", default=False)
    # where its reader says that such letters are not wanted any more; '' for letters that answer to an act
    unsubscribe_url = models.CharField(max_length=500, blank=True)
    message_id = models.CharField(max_length=200, unique=True)
    state = models.CharField("состояние", max_length=10, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField("попыток", default=0)
    error = models.TextField("ошибка", blank=True)
    created_at = models.DateTimeField("создано")
    next_try_at = models.DateTimeField("следующая попытка")
    claimed_until = models.DateTimeField("взято отправителем до", null=True)
    sent_at = models.DateTimeField("отправлено", null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["municipality", "next_try_at"],
                condition=models.Q(state="waiting"),
                name="messaging_mail_waiting",
            ),
            models.Index(fields=["municipality", "-created_at"], name="messaging_mail_newest"),
            models.Index(
                fields=["municipality", "next_try_at"],
                condition=models.Q(state="failed"),
                name="messaging_mail_failed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.recipient}"
