"""Finds conditions in the source of the adapters, each with the text that removes it.

A condition is
- in SQL (a `.sql` file, or a string in Rust that reads like SQL): an operand of AND, or all that follows WHERE, ON or HAVING,
  or the beginning of a rule;
- in Rust: a call of `.filter(…)`, `.and_where(…)`, `.cond_where(…)`, `.add(…)` or `.and(…)` that builds a query;
- in Lua (a `.lua` file, or a string in Rust that calls Redis): the condition of an `if`, and an operand of `and` or `or` in it;
- in Redis: the flag NX or XX of a command, and HSETNX or SETNX.
"""

import re
from typing import NamedTuple

# A column that no table has: a statement with it fails, if it runs at all.
POISON = "no_such_column_of_the_guards = 1"
RUST_POISON = f'sea_orm::sea_query::Expr::cust("{POISON}")'


class Candidate(NamedTuple):
    """A condition: `text[start:end]` of its file, and what is there without it."""

    file: str
    line: int
    condition: str
    start: int
    end: int
    removed: str
    # The condition replaced by one that fails; None where there is none.
    poison: str | None


def find(file, text):
    """Every candidate in one file, in order."""
    if file.endswith(".sql"):
        found = in_sql(text, 0, len(text))
    elif file.endswith(".lua"):
        found = in_lua(text, 0, len(text))
    else:
        found = in_rust(text)
    unique = {(start, end, removed): poison for start, end, removed, poison in found}
    return [
        Candidate(file, line(text, start), shown(text[start:end], removed), start, end, removed, poison)
        for (start, end, removed), poison in sorted(unique.items(), key=lambda item: item[0])
    ]


def line(text, start):
    """The number of the line with the first character that is not a space."""
    return text.count("\n", 0, start + len(text[start:]) - len(text[start:].lstrip())) + 1


def shown(condition, removed):
    condition = " ".join(condition.replace("\\\n", "").split())
    return f"{condition} → {removed.strip()}" if removed.strip() else condition


# SQL ------------------------------------------------------------------------------------------------------------------

SQL_TOKEN = re.compile(r"--[^\n]*|'(?:[^']|'')*'|\\?\"[^\"\\]*\\?\"|[A-Za-z_][A-Za-z_0-9.]*|[()\[\],;]|\S")
ENDS = set(
    "AND OR WHERE JOIN LEFT RIGHT INNER CROSS FULL ON GROUP ORDER FOR RETURNING LIMIT SET UNION HAVING FROM VALUES "
    "SELECT WHEN THEN ELSE END DO".split()
)
STATEMENTS = {"WITH", "INSERT", "UPDATE", "DELETE"}
READS_LIKE_SQL = re.compile(r"\b(SELECT|UPDATE|DELETE|INSERT|JOIN|EXISTS|IS (NOT )?NULL)\b|[a-z_] [=<>]+ ")


def in_sql(text, begin, end):
    tokens = [match for match in SQL_TOKEN.finditer(text, begin, end) if not match[0].startswith("--")]
    # A rule is a condition that statements include: its first operand has no word before it.
    if tokens and tokens[0][0].upper() not in ENDS | STATEMENTS:
        last, stop = operand(tokens)
        if stop == "AND":
            yield tokens[0].start(), last.end(), "TRUE", POISON
    for at, token in enumerate(tokens):
        word, following = token[0], tokens[at + 1 :]
        if not following:
            continue
        last, stop = operand(following)
        if last is None:
            continue
        condition = (following[0].start(), last.end())
        if word == "AND" and not of_between(tokens[:at]):
            # With the space before it.
            space = len(text[begin : token.start()]) - len(text[begin : token.start()].rstrip())
            yield token.start() - space, condition[1], "", f"{text[token.start() - space : token.end()]} {POISON}"
        elif word in ("WHERE", "HAVING") or (word == "ON" and is_join(tokens[:at], following)):
            yield *condition, "TRUE", POISON
        elif word == "(" and stop == "AND":
            yield *condition, "TRUE", POISON


def operand(tokens):
    """The last token of the operand that begins here, and the word that ends it."""
    depth, last, between = 0, None, False
    for at, token in enumerate(tokens):
        word = token[0]
        if word in "([":
            depth += 1
        elif word in ")]":
            if depth == 0:
                return last, word
            depth -= 1
        elif depth == 0:
            if word == "BETWEEN":
                between = True
            elif word == "AND" and between:
                between = False
            elif word in ";," or word in ENDS and not (word == "FROM" and at and tokens[at - 1][0] == "DISTINCT"):
                return last, word
        last = token
    return last, ""


def of_between(before):
    depth = 0
    for token in reversed(before):
        word = token[0]
        depth += (word == ")") - (word == "(")
        if depth < 0 or (depth == 0 and word in ENDS):
            return False
        if depth == 0 and word == "BETWEEN":
            return True
    return False


def is_join(before, following):
    return following[0][0] != "CONFLICT" and not (before and before[-1][0] == "DISTINCT")


# Lua ------------------------------------------------------------------------------------------------------------------


def in_lua(text, begin, end):
    for match in re.compile(r"\bif\s+(.*?)\s+then\b", re.S).finditer(text, begin, end):
        start, stop = match.span(1)
        yield start, stop, "true", None
        yield start, stop, "false", None
        for word in re.compile(r"\s+(and|or)\s+").finditer(text, start, stop):
            # Only outside of parentheses: `(x or 0) > 0` is one operand.
            if text.count("(", start, word.start()) == text.count(")", start, word.start()):
                yield word.start(), stop, "", None
                yield start, word.end(), "", None
    for match in re.compile(r"'(H?SET)NX'").finditer(text, begin, end):
        yield *match.span(), f"'{match[1]}'", None


# Rust -----------------------------------------------------------------------------------------------------------------

RUST_TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|b?r(?P<hash>#*)".*?"(?P=hash)|b?"(?:\\.|[^"\\])*"|' + r"'(?:\\.[^']*|[^'\\])'", re.S
)
CALL = re.compile(r"\s*\.(filter|and_where|cond_where|action_and_where|target_and_where|and_having|add|and)\(")
BUILDS_A_QUERY = re.compile(r"Column::|Expr::|Condition::|\bexists\b|\.is_null\(|\.eq\(|^\w+(\.\w+)*(\(.*\))?\??$", re.S)
FLAG = re.compile(r'\s*\.arg\("(?:NX|XX)"\)')


def in_rust(text):
    tests = re.search(r"^#\[cfg\(test\)\]\s*\nmod ", text, re.M)
    text = text[: tests.start()] if tests else text
    code, strings = split(text)
    for call in CALL.finditer(code):
        close = closing(code, call.end() - 1)
        argument = text[call.end() : close].strip()
        if not argument or argument.startswith(("|", "move |")) or not BUILDS_A_QUERY.search(argument):
            continue
        yield call.start(), close + 1, "", f"{text[call.start() : call.end()]}{RUST_POISON})"
    for flag in FLAG.finditer(text):
        yield *flag.span(), "", None
    for start, end in strings:
        content = text[start:end]
        if "redis.call" in content:
            yield from in_lua(text, start, end)
        elif re.search(r"\b(WHERE|AND|ON|HAVING)\b", content) and READS_LIKE_SQL.search(content):
            yield from in_sql(text, start, end)


def split(text):
    """The code with blanks in place of comments and strings, and the strings' contents."""
    code, strings = list(text), []
    for token in RUST_TOKEN.finditer(text):
        start, end = token.span()
        code[start:end] = [" " if character != "\n" else "\n" for character in token[0]]
        opening = token[0].find('"')
        if not token[0].startswith(("/", "'")):
            strings.append((start + opening + 1, start + token[0].rfind('"')))
    return "".join(code), strings


def closing(code, opening):
    depth = 0
    for at in range(opening, len(code)):
        depth += (code[at] in "([{") - (code[at] in ")]}")
        if depth == 0:
            return at
    raise ValueError("a parenthesis is not closed")
