"""Which step of the assessment an activity means, proposed from its words.

Rules are data and are read from the top: the first whose words all occur, and whose exceptions do not, decides.
Words are regular expressions over the folded title (lower case, ё as е). To teach the reader a wording, add a rule
or a word; narrow rules stand before wide ones.
"""

import re
from dataclasses import dataclass

from nok_portal.common.text import fold_letters
from plans.table.words import fold

# Codes and names of the steps; see «1. The process of one year» for what each is.
STEPS: dict[str, str] = {
    "legal_framework": "Правовые акты и условия проведения",
    "council_support": "Сопровождение работы совета",
    "council_meeting": "Заседание общественного совета",
    "organization_list": "Перечень организаций",
    "criteria": "Показатели и критерии",
    "operator_contract": "Контракт с оператором",
    "informing": "Информирование организаций",
    "survey_forms": "Анкеты и доступ к опросу",
    "information_campaign": "Информационная кампания",
    "survey": "Опрос получателей услуг",
    "observation": "Обследование организаций",
    "operator_report": "Отчёт оператора",
    "council_results": "Результаты независимой оценки",
    "ranking_approval": "Рейтинг",
    "public_discussion": "Общественное обсуждение",
    "proposals": "Предложения по улучшению",
    "publication": "Публикация результатов",
    "sending_results": "Направление результатов",
    "review": "Рассмотрение результатов",
    "remediation_drafted": "План устранения недостатков: разработка",
    "remediation_approved": "План устранения недостатков: утверждение",
    "remediation_published": "План устранения недостатков: публикация",
    "remediation_controlled": "План устранения недостатков: контроль",
    "follow_up_measures": "Меры по итогам оценки",
    "heads_contracts": "Трудовые договоры руководителей",
    "information_disclosure": "Сведения организаций о себе",
    "bus_gov_monitoring": "Мониторинг bus.gov.ru и открытости данных",
    "assessment": "Проведение независимой оценки",
    "targets_summed_up": "Итоги целевых показателей",
}


@dataclass(frozen=True)
class StepRule:
    """All of `words` must occur and none of `without`."""

    step: str
    words: tuple[str, ...]
    without: tuple[str, ...] = ()


_REMEDIATION = (
    r"\bплан\w*(?: мероприятий)? (?:по )?(?:устранени|улучшени|совершенствовани|повышени)\w*"
    r"|\bплан\w* (?:мероприятий|мер)\b|\bпостановлени\w* по мерам|\bмер\w*, направленн\w* на (?:улучшение|устранение)"
)
_PUBLISH = r"\bразмещени|\bразместить|\bпубликаци|\bопубликовани|\bопубликовать"
_INFORMATION_ABOUT_ITSELF = r"(?:актуализаци|обновлени|полнот)\w* (?:\w+ )?(?:сведени|информаци)\w* (?:об? (?:организаци|учреждени))|информаци\w* о (?:своей )?деятельности|сведений на официальном сайте для размещения"

RULES: tuple[StepRule, ...] = (
    StepRule("heads_contracts", (r"трудов\w+ (?:договор|контракт)",)),
    StepRule("targets_summed_up", (r"целев\w+ показател", r"итог|достижени|подведени")),
    StepRule("follow_up_measures", (r"мер\w* воздействующ|высш\w+ и низш\w+|поощрени|премировани|дисциплинарн",)),
    StepRule("council_support", (r"(?:техническ|методическ|организационн)\w* сопровождени|обеспечени\w* (?:работы|деятельности) \w*\s?совет",)),
    StepRule("council_support", (r"(?:график|план)\w* (?:проведени\w* )?заседани|план\w* работы .{0,40}совет",)),
    StepRule("council_meeting", (r"^(?:организаци\w* (?:и )?)?(?:проведени\w* )?заседани",)),
    StepRule("survey_forms", (r"техническ\w+ возможност\w+ (?:выражени|прохожде|участи)|гиперссыл|гипертекст|\bqr",)),
    StepRule("information_campaign", (r"информационн\w+ (?:кампани|компани)|популяризаци",), (r"план\w* по устранени",)),
    StepRule("information_campaign", (r"информировани\w* (?:населени|граждан|жител|получател|общественност)|освещени\w* .{0,60}(?:сми|средств)|разъяснительн\w+ .{0,40}работ",), (r"анкет",)),
    StepRule("information_campaign", (r"привлечени\w* .{0,60}к участию в (?:опрос|анкетир)",)),
    StepRule("information_campaign", (r"публикаци\w* в (?:сми|средств|газет|печат|социальн)|пресс-конференци|брифинг|памятк|буклет|листов|пресс-релиз|видеоролик|социальн\w+ сет|баннер|\bрадио\b|телевидени|\bтв\b",), (r"анкет|результат|рейтинг",)),
    StepRule("criteria", (r"^(?:формировани|утверждени|разработк|определени|актуализаци)\w*(?: и \w+)?(?: \w+){0,3} (?:показател|критери)",)),
    StepRule("bus_gov_monitoring", (r"мониторинг",), (r"оператор", _REMEDIATION, r"недостатк")),
    StepRule("informing", (r"^(?:информировани\w*|(?:про)?информировать|уведомлени\w*|уведомить|извещени\w*|оповещени\w*) (?:учреждени|организаци|руководител)",)),
    StepRule("public_discussion", (r"общественн\w+\s+обсуждени|обсуждени\w* .{0,40}(?:\bобщественност|жител|граждан|населени)",)),
    StepRule("ranking_approval", (r"рейтинг",), (_PUBLISH, r"мер\w* воздейст")),
    StepRule("organization_list", (r"предложени\w* (?:по|о|в|для) (?:\w+ ){0,3}перечн",)),
    StepRule("operator_contract", (r"контракт|договор|закупк\w*(?:$|.{0,80}(?:услуг|сбор|оценк|оператор|информаци|44-фз))|закупочн|техническ\w+ задани|\bконкурс\w* |(?:определени|выбор|отбор)\w* организаци\w*(?:\s*-?\s*оператор|.{0,120}\(оператор|,? (?:осуществляющ|котор))|\bотбор\w* (?:организаци|оператор)|\bопределени\w*\s+оператор",)),
    StepRule("remediation_controlled", (_REMEDIATION, r"контрол|ход\w* (?:реализаци|исполнени|выполнени)|отчет\w* о(?:б)? (?:реализаци|исполнени|выполнени)|мониторинг|проверк\w* (?:исполнени|выполнени|реализаци)")),
    StepRule("remediation_controlled", (r"устранени\w* .{0,40}недостатк|недостатк", r"^контрол|\bотчет\w* об? (?:реализаци|исполнени|выполнени)")),
    StepRule("remediation_approved", (r"^утвержд|^утвердить", _REMEDIATION)),
    StepRule("remediation_published", (r"\bплан\w*(?: мероприятий)? по (?:устранени|улучшени|совершенствовани|повышени)", _PUBLISH), (r"результат\w* независимой оценки качества условий оказания услуг организациями .{0,20}; *-|перечн",)),
    StepRule("publication", (_PUBLISH, r"результат|итог|рейтинг|отчет|протокол"), (_INFORMATION_ABOUT_ITSELF,)),
    StepRule("remediation_drafted", (_REMEDIATION, r"разработ|составлени|составить|подготов|формировани"), (r"информационн\w+ кампани",)),
    StepRule("remediation_approved", (_REMEDIATION, r"утвержд|утвердить|согласовани")),
    StepRule("remediation_published", (_REMEDIATION, _PUBLISH)),
    StepRule("operator_report", (r"\bоператор", r"(?:представлени|подготовк|предоставлени|сдач|прием)\w* .{0,60}отчет"), (_PUBLISH,)),
    StepRule("sending_results", (r"\bнаправлени|\bнаправить|\bпредставлени\w* .{0,120}результат|доведени|довести|ознакомлени|ознакомить|\bпередач", r"результат|итог|предложени|отчет"), (r"^рассмотрени",)),
    StepRule("survey_forms", (r"анкет|вопросник", r"создани|разработ|утвержд|размещени|подготов|актуализаци|рассылк|рассылать|разослать"), (r"рассмотрени",)),
    StepRule("observation", (r"выезд\w* .{0,40}(?:организаци|учреждени)|(?:оценк|проверк)\w* (?:\w+ )?(?:доступност|комфортност)|выход\w* в (?:учреждени|организаци)|посещени\w* (?:учреждени|организаци)|обследовани|осмотр|сбор\w* информации об учреждени|(?:анализ|проверк|изучени|осмотр)\w* (?:\w+ ){0,3}(?:сайт|стенд)|стенд\w*.{0,30}(?:оценк|анализ|проверк)",), (_PUBLISH,)),
    StepRule("operator_report", (r"отчетн\w+ форм|массив\w* данных|отчет\w* (?:организаци\w*.?)?оператор|(?:аналитическ|сводн)\w+ отчет|(?:прием|принятие)\w* .{0,30}отчет|отчет\w* (?:по итогам|о результатах) (?:сбора|опроса|анкетир)",), (_PUBLISH, r"^рассмотре|^о рассмотрени")),
    StepRule("survey", (r"\bопрос|анкетировани|(?:изучени|выявлени)\w* .{0,20}мнени|\bсбор\w*\b.{0,30}(?:обобщени|данных|информаци|мнени)",)),
    StepRule("remediation_controlled", (r"о ходе реализации план",)),
    StepRule("review", (r"рассмотрени|рассмотреть|обсуждени\w* результат|анализ\w* результат", r"результат|итог|отчет|информаци|предложени"), (r"перечн",)),
    StepRule("proposals", (r"предложени", r"разработ|формировани|подготовк|недостатк|совершенствовани|улучшени|выработк")),
    StepRule("council_results", (r"недостатк|выявленн\w* проблем|итогов\w+ оценк",)),
    StepRule("organization_list", (r"\bперечн\w*\b|\bсписк\w*\b|\bсписок\b|\bперечень\b", r"учрежден|организаци|подлежащ|\bшкол|детск\w+ сад|библиотек|музе[йея]|клуб|больниц|поликлиник"), (r"критери|показател|мероприяти",)),
    StepRule("criteria", (r"показател|критери",), (r"целев",)),
    StepRule("informing", (r"информировани", r"учреждени|организаци|руководител")),
    StepRule("information_disclosure", (_INFORMATION_ABOUT_ITSELF + r"|раскрыти|открытост",)),
    StepRule("publication", (r"актуализаци\w* (?:раздел|информаци)|поддержк\w* раздел|(?:ведени|наполнени|заполнени)\w* раздел|(?:внесени|внести|загрузк)\w* .{0,80}(?:bus\.gov|\bе?гис\b)|ввод\w* (?:информаци|сведени|данны)|информационн\w+ поддержк",)),
    StepRule("council_results", (r"общественн\w+ совет\w* независимой оценки|(?:подведени|формировани|утверждени)\w* (?:итог|результат)",)),
    StepRule("assessment", (r"^(?:организаци\w* и )?проведени\w* (?:независимой оценки|нок\w*)\b",)),
    StepRule("follow_up_measures", (r"совершенствовани\w* деятельности|принят\w+ (?:управленческ|мер)|управленческ\w+ решени",)),
    StepRule("council_meeting", (r"заседани",)),
    StepRule("legal_framework", (r"нормативн|распорядительн|правов\w+ акт|назначени\w* ответственн|(?:издани|приняти)\w* .{0,20}(?:приказ|распоряжени|постановлени)|порядк\w* проведени|положени\w* об|создани\w* условий|состав\w* общественн|обеспечени",)),
)  # fmt: skip
_COMPILED = tuple(
    (rule.step, tuple(map(re.compile, rule.words)), tuple(map(re.compile, rule.without))) for rule in RULES
)


def propose_step(title: str) -> tuple[str | None, str]:
    """A step and the words of the title that decided it; (None, '') when no rule fits."""
    original = fold(title)
    text = fold_letters(original)
    for step, words, without in _COMPILED:
        if any(pattern.search(text) for pattern in without):
            continue
        hits = [pattern.search(text) for pattern in words]
        if all(hits):
            # The folded text has the same length but where an accent was a character of its own.
            same = len(text) == len(original)
            shown = [_whole_words(original if same else text, *hit.span()) for hit in hits if hit]
            return step, " … ".join(dict.fromkeys(shown))
    return None, ""


def _whole_words(text: str, start: int, end: int) -> str:
    """The hit widened to whole words, so that a person reads words and not stems."""
    while start > 0 and (text[start - 1].isalnum() or text[start - 1] == "-"):
        start -= 1
    while end < len(text) and (text[end].isalnum() or text[end] == "-"):
        end += 1
    return text[start:end].strip(" ,.;")
