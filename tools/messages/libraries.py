"""Words that no call of `say` spells out: names in the settings, and what libraries say of a file they cannot read."""

from plugins.problems import say

PHRASES = [
    # the settings, about languages; in French they stand beside “version”, “page” and “traduction”
    say("English"),
    say("French"),
    # PyYAML, about front matter
    say("mapping values are not allowed here"),
    say("could not find expected ':'"),
    say("expected <block end>, but found '<block mapping start>'"),
    say("expected <block end>, but found '<scalar>'"),
    say("expected ',' or '}', but got '<scalar>'"),
    say("expected ',' or ']', but got '<scalar>'"),
    say("found unexpected end of stream"),
    say("found character '\\t' that cannot start any token"),
    say("found character '@' that cannot start any token"),
    say("found character '`' that cannot start any token"),
    say("found character '%' that cannot start any token"),
    say("expected ',' or '}', but got '<stream end>'"),
    say("expected ',' or ']', but got '<stream end>'"),
    say("day is out of range for month"),
    say("month must be in 1..12"),
    # tomllib, about data files
    say("Invalid value"),
    say("Invalid statement"),
    say("Illegal character '\\n'"),
    say("Expected '=' after a key in a key/value pair"),
    say("Expected newline or end of document after a statement"),
    say("Unclosed array"),
    say("Unclosed inline table"),
    say("Cannot overwrite a value"),
    say("Expected ']' at the end of a table declaration"),
    say("Unescaped '\\' in a string"),
    say("Unterminated string"),
]
