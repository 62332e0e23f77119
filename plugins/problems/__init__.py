"""What people are told: a problem with its file, its line, what is wrong and what to do, in English or in French.

Everything else may call this package; of the project, it calls only `file_names` and `typography`.
"""

from .messages import LANGUAGES, Message, in_language, language, say
from .problem import (
    ROOT,
    BuildStopped,
    ContentError,
    IllegibleError,
    Problem,
    errors_of,
    formatted,
    problems_of,
    report,
    shown_path,
    translated,
)
from .syntax import yaml_fault
from .unreadable import PUT_IT_THERE, unreadable, unreadable_files
from .values import nearest, reason_of

__all__ = [
    "LANGUAGES",
    "PUT_IT_THERE",
    "ROOT",
    "BuildStopped",
    "ContentError",
    "IllegibleError",
    "Message",
    "Problem",
    "errors_of",
    "formatted",
    "in_language",
    "language",
    "nearest",
    "problems_of",
    "reason_of",
    "report",
    "say",
    "shown_path",
    "translated",
    "unreadable",
    "unreadable_files",
    "yaml_fault",
]
