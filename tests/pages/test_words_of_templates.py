"""How templates write Russian: dashes, quotes, forms of words that a template must not leave to the reader."""

import re
from pathlib import Path

import pytest
from django.conf import settings

TEMPLATES = Path(settings.BASE_DIR, "templates")
# what no person reads: comments, tags of templates and of pages
_MARKUP = re.compile(r"\{#.*?#\}|\{%.*?%\}|<[^>]*>", re.DOTALL)
_VALUE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
SLIPS = {
    "a dash between words is long": re.compile(r"[а-яё»\d]\s[–-]\s|^\s*[–-]\s+[а-яё«\d]", re.IGNORECASE | re.MULTILINE),
    "quotes are «»": re.compile(r'"[а-яё]|[а-яё]"', re.IGNORECASE),
    "both forms of a word are never written": re.compile(r"[а-яё]\((?:а|ы|и|ов|ей|ла|ая)\)", re.IGNORECASE),
    "three dots are one sign": re.compile(r"[а-яё]\.\.\.", re.IGNORECASE),
}


@pytest.mark.parametrize("rule", SLIPS)
def test_templates_keep_the_rule(rule):
    found = [
        f"{path.relative_to(TEMPLATES)}: {match[0]}"
        for path in sorted(TEMPLATES.rglob("*.html"))
        for match in SLIPS[rule].finditer(_VALUE.sub("1", _MARKUP.sub("", path.read_text())))
    ]
    assert found == []
