"""What people are told: a problem with its file, its line, what is wrong and what to do, in English or in French.

Everything else may call this package; of the project, it calls only `file_names` and `typography`.
"""

from .messages import LANGUAGES as LANGUAGES
from .messages import Message as Message
from .messages import as_data as as_data
from .messages import counted as counted
from .messages import from_data as from_data
from .messages import in_language as in_language
from .messages import language as language
from .messages import say as say
from .problem import ROOT as ROOT
from .problem import BuildStopped as BuildStopped
from .problem import ContentError as ContentError
from .problem import IllegibleError as IllegibleError
from .problem import Problem as Problem
from .problem import formatted as formatted
from .problem import place_of as place_of
from .problem import shown_path as shown_path
from .problem import translated as translated
from .reasons import nearest as nearest
from .reasons import reason_of as reason_of
from .reasons import yaml_fault as yaml_fault
from .unreadable import PUT_IT_THERE as PUT_IT_THERE
from .unreadable import unreadable as unreadable
from .unreadable import unreadable_files as unreadable_files
