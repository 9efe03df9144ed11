"""The text of a Word paragraph as a reader sees it: fields by their result, deletions and hidden words left out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from plans.table.readers.archive import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"

DELETED = frozenset({f"{W}del", f"{W}moveFrom"})
_TEXTS = frozenset({f"{W}t", f"{M}t"})
_SILENT = frozenset({
    f"{W}instrText", f"{W}delText", f"{W}delInstrText", f"{W}pPr", f"{W}rPr", f"{W}pict", f"{W}drawing", f"{W}object",
    f"{W}txbxContent", f"{MC}AlternateContent", f"{W}footnoteReference", f"{W}endnoteReference", f"{W}sdtPr", f"{W}rt",
})  # fmt: skip
_CHARACTERS = {f"{W}tab": " ", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}ptab": " "}
# What symbol fonts draw at codes of their own; anything else there is some bullet.
_DRAWN = {0xFC: "✓", 0xFE: "✓", 0x2D: "-", 0xA3: "≤", 0xB3: "≥"}
_PRIVATE = re.compile("[\uf000-\uf0ff]")


@dataclass
class RunText:
    """Reads paragraphs in their order; `remarks` gathers what was left out."""

    remarks: list[str] = field(default_factory=list)
    _fields: list[bool] = field(default_factory=list)

    def of(self, paragraph: Element) -> str:
        # A field's instruction does not reach beyond its paragraph; a broken file must not silence what follows.
        self._fields.clear()
        return "".join(self._characters(paragraph))

    def _characters(self, parent: Element) -> Iterator[str]:
        for child in parent:
            tag = child.tag
            if tag in DELETED or tag == f"{W}ins":
                self.remarks.append("tracked_changes")
            if tag in DELETED or tag in _SILENT:
                continue
            if tag == f"{W}fldChar":
                self._field(child.get(f"{W}fldCharType", ""))
            elif tag == f"{W}r" and is_on(child.find(f"{W}rPr/{W}vanish")):
                if any((text.text or "").strip() for text in child.iterfind(f"{W}t")):
                    self.remarks.append("hidden_text")
            elif tag in _TEXTS or tag in _CHARACTERS or tag == f"{W}sym":
                if not any(self._fields):
                    yield _character(child)
            else:
                yield from self._characters(child)

    def _field(self, step: str) -> None:
        """Between its begin and its separator a field holds an instruction, then what it shows."""
        if step == "begin":
            self._fields.append(True)
        elif step == "separate" and self._fields:
            self._fields[-1] = False
        elif step == "end" and self._fields:
            self._fields.pop()


def is_on(switch: Element | None) -> bool:
    """Whether a switch such as w:vanish stands and is not turned off."""
    return switch is not None and switch.get(f"{W}val", "1") not in {"0", "false", "off"}


def is_mark_deleted(paragraph: Element) -> bool:
    """Whether a tracked change joins the paragraph with the next one."""
    mark = paragraph.find(f"{W}pPr/{W}rPr")
    return mark is not None and any(child.tag in DELETED for child in mark)


def _character(element: Element) -> str:
    if element.tag in _TEXTS:
        return _PRIVATE.sub(lambda found: _drawn(ord(found[0])), element.text or "")
    if element.tag in _CHARACTERS:
        return _CHARACTERS[element.tag]
    code = element.get(f"{W}char", "")
    return _drawn(int(code, 16)) if re.fullmatch(r"[0-9A-Fa-f]{2,4}", code) else ""


def _drawn(code: int) -> str:
    if 0x100 <= code < 0xD800:
        return chr(code)
    return _DRAWN.get(code & 0xFF, "•")
