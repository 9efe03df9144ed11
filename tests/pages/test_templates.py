"""What holds for all templates, styles and icons, read as files."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import get_template

TEMPLATES = settings.BASE_DIR / "templates"
STATIC = settings.BASE_DIR / "static"
# letters may carry styles of their own: no policy reaches a mail program
PAGES = sorted(path for path in TEMPLATES.rglob("*.html") if "mail" not in path.parts)
INLINE = re.compile(r"""\s(?:style|on[a-z]+)=["']|<style|<script(?![^>]*\ssrc=)""")
FOREIGN = re.compile(r"""(?:src|href)=["']https?://""")
ICON = re.compile(r"""{% icon ["']([\w-]+)["'] %}|(?:icon|act_icon)=["']([\w-]+)["']""")


def name_of(path: Path) -> str:
    return str(path.relative_to(TEMPLATES))


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_template_compiles_and_keeps_to_the_strict_policy(path):
    get_template(name_of(path))
    text = path.read_text()
    assert INLINE.findall(text) == []
    assert FOREIGN.findall(text) == []


def test_every_icon_named_in_a_template_is_drawn():
    drawn = set(re.findall(r'id="i-([\w-]+)"', (STATIC / "icons.svg").read_text()))
    named = {one or other for path in PAGES for one, other in ICON.findall(path.read_text())}
    assert named - drawn == set()


def test_every_address_in_a_stylesheet_leads_to_a_file():
    for path in STATIC.rglob("*.css"):
        for address in re.findall(r'url\("?([^")]+)"?\)', path.read_text()):
            target = (path.parent / address).resolve().relative_to(STATIC)
            assert finders.find(str(target)), f"{path.name}: {address}"


def test_colours_are_named_in_the_tokens_alone():
    # print.css is read by WeasyPrint alone and stands by itself
    for path in (STATIC / "css").glob("*.css"):
        if path.name not in {"tokens.css", "print.css"}:
            assert re.findall(r"#[0-9a-f]{3,8}\b", path.read_text()) == [], path.name


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "409", "413", "429", "500"])
def test_error_page_needs_nothing_from_the_context(code):
    page = get_template(f"{code}.html").render()
    assert f"Ошибка {code[:3]}" in page
    assert "<h1>" in page
