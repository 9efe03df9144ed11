"""The region of the demo: four municipalities of our own invention, different in size and style."""

from dataclasses import dataclass, field

from nok_portal.tenants.enums import Sphere
from nok_portal.tenants.rights import Role

REGION_NAME = "Приозёрский край"
REGION_SLUG = "priozersky"
# known to everybody: the demo is filled only into an empty database of its own
PASSWORD = "demo-portal-2026"  # noqa: S105
TOTP_SECRET = "NOKPORTALDEMONOKPORTALDEMOSECRET"  # noqa: S105


@dataclass(frozen=True)
class DemoPerson:
    login: str
    full_name: str
    post: str
    role: Role
    has_second_factor: bool = False
    organization: str = ""


@dataclass(frozen=True)
class DemoOrganization:
    name: str
    short_name: str
    sphere: Sphere
    organization_type: str
    address: str
    recipients: int | None
    head_name: str = ""


@dataclass(frozen=True)
class DemoMunicipality:
    slug: str
    name: str
    genitive: str
    prepositional: str
    head_post: str
    head_name: str
    plan_file: str
    # the plan of the smallest one still waits in the preview of the import
    is_plan_confirmed: bool = True
    has_reports: bool = False
    is_approved: bool = False
    has_edition: bool = False
    people: tuple[DemoPerson, ...] = ()
    organizations: tuple[DemoOrganization, ...] = field(default=())


def _culture_of_sosnovsky() -> tuple[DemoOrganization, ...]:
    rows = [
        ("Центральная районная библиотека", "библиотека", "с. Сосновое, ул. Речная, 4", 6120, "Л. П. Ветрова"),
        ("Детская библиотека «Кораблик»", "библиотека", "с. Сосновое, ул. Речная, 6", 2840, "О. С. Тихая"),
        ("Краеведческий музей «Старая пристань»", "музей", "с. Сосновое, наб. Купеческая, 1", 3310, "Д. И. Порогов"),
        ("Районный дом культуры", "дом культуры", "с. Сосновое, пл. Ярмарочная, 2", 9450, "Е. А. Лугова"),
        ("Дом ремёсел", "дом культуры", "д. Берёзовый Яр, ул. Гончарная, 8", 760, "Т. Н. Глинская"),
        ("Камерный театр «Мост»", "театр", "с. Сосновое, ул. Садовая, 11", 4020, "В. К. Рампов"),
    ]
    return tuple(
        DemoOrganization(
            f"Муниципальное бюджетное учреждение культуры Сосновского района «{name.replace('«', '„').replace('»', '“')}»",
            name,
            Sphere.CULTURE,
            kind,
            address,
            recipients,
            head,
        )
        for name, kind, address, recipients, head in rows
    )


def _education_of_sosnovsky() -> tuple[DemoOrganization, ...]:
    villages = ["Сосновое", "Берёзовый Яр", "Каменка", "Новая Ладья", "Заречье"]
    schools = tuple(
        DemoOrganization(
            f"Муниципальное общеобразовательное учреждение «Средняя школа № {number}» Сосновского района",
            f"Школа № {number}",
            Sphere.EDUCATION,
            "школа",
            f"{village}, ул. Школьная, {number * 2}",
            240 + number * 35,
        )
        for number, village in enumerate(villages, start=1)
    )
    gardens = tuple(
        DemoOrganization(
            f"Муниципальное дошкольное образовательное учреждение «Детский сад „{name}“»",
            f"Детский сад «{name}»",
            Sphere.EDUCATION,
            "детский сад",
            f"с. Сосновое, ул. Лесная, {number}",
            90 + number * 12,
        )
        for number, name in enumerate(["Родничок", "Сосенка", "Журавлик"], start=3)
    )
    return schools + gardens


def _education_of_kamennogorsk() -> tuple[DemoOrganization, ...]:
    schools = tuple(
        DemoOrganization(
            f"Муниципальное автономное общеобразовательное учреждение «Школа № {number}» города Каменногорска",
            f"Школа № {number}",
            Sphere.EDUCATION,
            "школа",
            f"г. Каменногорск, ул. Рудная, {number * 3}",
            520 + number * 17,
        )
        for number in range(1, 23)
    )
    gardens = tuple(
        DemoOrganization(
            f"Муниципальное автономное дошкольное образовательное учреждение «Детский сад № {number}»",
            f"Детский сад № {number}",
            Sphere.EDUCATION,
            "детский сад",
            f"г. Каменногорск, пр. Гранитный, {number}",
            110 + number * 3,
        )
        for number in range(1, 31)
    )
    return schools + gardens


MUNICIPALITIES = (
    DemoMunicipality(
        slug="sosnovsky",
        name="Сосновский район",
        genitive="Сосновского района",
        prepositional="Сосновском районе",
        head_post="Глава Сосновского района",
        head_name="А. М. Боровой",
        plan_file="sosnovsky.txt",
        has_reports=True,
        is_approved=True,
        people=(
            DemoPerson(
                "admin", "Крылова Нина Фёдоровна", "Начальник отдела культуры и туризма", Role.ADMINISTRATOR, True
            ),
            DemoPerson("editor", "Осипова Дарья Львовна", "Главный специалист отдела культуры и туризма", Role.EDITOR),
            DemoPerson(
                "responsible", "Седов Павел Ильич", "Начальник отдела информационной политики", Role.RESPONSIBLE
            ),
            DemoPerson("chair", "Гордеева Анна Романовна", "Председатель общественного совета", Role.COUNCIL_CHAIR),
            DemoPerson("secretary", "Шилова Вера Олеговна", "Секретарь общественного совета", Role.COUNCIL_SECRETARY),
            DemoPerson("member", "Лапин Егор Денисович", "Член общественного совета", Role.COUNCIL_MEMBER),
            DemoPerson(
                "operator", "Юдина Ксения Марковна", "Руководитель проекта, организация-оператор", Role.SURVEY_OPERATOR
            ),
            DemoPerson(
                "institution",
                "Ветрова Лидия Павловна",
                "Директор центральной районной библиотеки",
                Role.INSTITUTION,
                organization="Центральная районная библиотека",
            ),
        ),
        organizations=_culture_of_sosnovsky() + _education_of_sosnovsky(),
    ),
    DemoMunicipality(
        slug="kamennogorsk",
        name="Город Каменногорск",
        genitive="города Каменногорска",
        prepositional="городе Каменногорске",
        head_post="Мэр города Каменногорска",
        head_name="С. Г. Рудаков",
        plan_file="kamennogorsk.txt",
        people=(
            DemoPerson(
                "admin.kamennogorsk",
                "Жаров Олег Юрьевич",
                "Заместитель начальника управления образования",
                Role.ADMINISTRATOR,
            ),
        ),
        organizations=_education_of_kamennogorsk(),
        is_approved=True,
        has_edition=True,
    ),
    DemoMunicipality(
        slug="verkhneozersky",
        name="Верхнеозёрский округ",
        genitive="Верхнеозёрского округа",
        prepositional="Верхнеозёрском округе",
        head_post="Глава Верхнеозёрского округа",
        head_name="И. В. Заводина",
        plan_file="verkhneozersky.txt",
        people=(
            DemoPerson(
                "admin.verkhneozersky", "Полякова Инна Сергеевна", "Заведующая отделом культуры", Role.ADMINISTRATOR
            ),
        ),
        organizations=(
            DemoOrganization(
                "Муниципальное казённое учреждение «Межпоселенческая библиотека Верхнеозёрского округа»",
                "Межпоселенческая библиотека",
                Sphere.CULTURE,
                "библиотека",
                "с. Верхнее Озеро, ул. Набережная, 12",
                1480,
            ),
            DemoOrganization(
                "Муниципальное казённое учреждение «Клубная система Верхнеозёрского округа»",
                "Клубная система",
                Sphere.CULTURE,
                "дом культуры",
                "с. Верхнее Озеро, ул. Мира, 3",
                2210,
            ),
            DemoOrganization(
                "Муниципальное казённое учреждение дополнительного образования «Школа искусств»",
                "Школа искусств",
                Sphere.CULTURE,
                "школа искусств",
                "с. Верхнее Озеро, ул. Мира, 5",
                174,
            ),
        ),
    ),
    DemoMunicipality(
        slug="tikhy-plyos",
        name="Посёлок Тихий Плёс",
        genitive="посёлка Тихий Плёс",
        prepositional="посёлке Тихий Плёс",
        head_post="Глава посёлка",
        head_name="Р. Н. Бакенщиков",
        plan_file="tikhy-plyos.txt",
        is_plan_confirmed=False,
        people=(DemoPerson("admin.plyos", "Бакенщикова Зоя Петровна", "Специалист администрации", Role.ADMINISTRATOR),),
        organizations=(
            DemoOrganization(
                "Муниципальное казённое учреждение «Сельский дом культуры посёлка Тихий Плёс»",
                "Дом культуры",
                Sphere.CULTURE,
                "дом культуры",
                "пос. Тихий Плёс, ул. Береговая, 1",
                390,
            ),
            DemoOrganization(
                "Муниципальное казённое учреждение «Библиотека посёлка Тихий Плёс»",
                "Библиотека",
                Sphere.CULTURE,
                "библиотека",
                "пос. Тихий Плёс, ул. Береговая, 3",
                265,
            ),
        ),
    ),
)
MINISTRY = DemoPerson("ministry", "Аверин Глеб Николаевич", "Начальник отдела министерства", Role.MINISTRY)
SUPPORT_LOGIN = "support"


def email_of(login: str) -> str:
    """Addresses that lead nowhere (RFC 2606)."""
    return f"{login}@demo.example"
