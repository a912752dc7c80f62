"""Which language a message is in."""

from __future__ import annotations

import locale
import os

LANGUAGES = ("en", "zh")
_chosen: str | None = None


def set_language(language: str | None) -> None:
    """Show messages in ``"en"`` or ``"zh"`` from now on; None goes back to finding out which.

    Raises ValueError for any other language.
    """
    global _chosen
    if language is not None and language not in LANGUAGES:
        raise ValueError(f"unknown language {language!r}: choose one of {', '.join(LANGUAGES)}")
    _chosen = language


def _is_chinese(name: str | None) -> bool:
    return (
        (name or "").lower().startswith(("zh", "chinese"))
    )  # zh_CN.UTF-8; Windows says Chinese (Simplified)_China


def current_language() -> str:
    """The language chosen; else BOOK_LANG; else that of the notebook's path; else that of the system; else
    English.
    """
    if _chosen:
        return _chosen
    wish = os.environ.get("BOOK_LANG", "").strip()
    if wish:
        return "zh" if _is_chinese(wish) else "en"
    if "zh_CN" in os.environ.get("JPY_SESSION_NAME", ""):
        return "zh"
    names = [os.environ.get(key) for key in ("LC_ALL", "LC_MESSAGES", "LANG")]
    first = next(filter(None, names), None) or locale.getlocale()[0]
    return "zh" if _is_chinese(first) else "en"
