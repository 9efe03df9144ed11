"""The two parts of a letter from its templates. Mail programs drop style sheets, so each element carries its styles."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cssselect2
import tinycss2
from django.conf import settings
from django.template.loader import render_to_string
from lxml import html as markup

INLINED = ".//style[@data-inline]"


@dataclass(frozen=True)
class Rendered:
    text: str
    html: str


def render_letter(template: str, *, subject: str, context: Mapping[str, Any]) -> Rendered:
    """`<template>.txt` and `<template>.html` with `context`, `subject` and `portal_url`."""
    values = {**context, "subject": subject, "portal_url": settings.PORTAL_URL.rstrip("/")}
    return Rendered(
        text=_without_gaps(render_to_string(f"{template}.txt", values)),
        html=inline_styles(render_to_string(f"{template}.html", values)),
    )


def inline_styles(page: str) -> str:
    """What `<style data-inline>` says of elements, written at each of them; other style sheets stay."""
    document = markup.document_fromstring(page)
    found = document.find(INLINED)
    if found is None:
        return page
    matcher = _rules(found.text or "")
    found.drop_tree()
    for element in cssselect2.ElementWrapper.from_html_root(document).iter_subtree():
        rules = [styles for _, _, _, styles in matcher.match(element)]  # the most specific comes last
        if rules:
            node = element.etree_element
            node.set("style", "; ".join([*rules, *filter(None, [node.get("style")])]))
    return markup.tostring(document, encoding="unicode", doctype="<!DOCTYPE html>")


@lru_cache(maxsize=8)
def _rules(css: str) -> cssselect2.Matcher:
    matcher = cssselect2.Matcher()
    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        styles = tinycss2.serialize(rule.content).strip().rstrip(";")
        for selector in cssselect2.compile_selector_list(rule.prelude):
            matcher.add_selector(selector, styles)
    return matcher


def _without_gaps(text: str) -> str:
    """One empty line where templates left several."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        if line.strip() or lines[-1]:
            lines.append(line.rstrip())
    return "\n".join(lines) + "\n"
