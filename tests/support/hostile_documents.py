"""Documents of at most 2,000 characters that are meant to keep whoever judges them busy.

A third each: texts of which a small part is repeated as often as it fits, in ways that other judges
took long over; random operations on the schema; and either with parts of others spliced in.
"""

import random
import re
from collections.abc import Callable

from graphql import GraphQLSchema

from random_graphs import Writer

LONGEST = 2_000
_TOKENS = re.compile(r'"[^"]*"|\.\.\.|[\w$]+|\S')


def _many(count: int, part: str) -> str:
    """The part so many times; `#` is its number, `+` the next one."""
    return " ".join(part.replace("#", str(i)).replace("+", str(i + 1)) for i in range(count))


def _nodes(inside: str) -> str:
    return f"{{ products {{ nodes {{ {inside} }} }} }} "


_LAST = "fragment F{} on Product {{ id }}"
FAMILIES: list[Callable[[int], str]] = [
    # Fragments: that double what they stand for, chains, circles, all of them in one place.
    lambda n: (
        _nodes("...F0")
        + _many(n, "fragment F# on Product { ...F+ ... on Product { ...F+ } }")
        + _LAST.format(n)
    ),
    lambda n: (
        _nodes("...F0")
        + _many(n, "fragment F# on Product { a: category { products { nodes { ...F+ } } } ...F+ }")
        + _LAST.format(n)
    ),
    lambda n: _nodes("...F0") + _many(n, "fragment F# on Product { ...F+ }") + _LAST.format(n),
    lambda n: _nodes(_many(n, "...F#")) + _many(n, "fragment F# on Product { id }"),
    lambda n: _nodes(_many(n, "...F#")) + _many(n, f"fragment F# on Product {{ ...F{n - 1} }}"),
    lambda n: (
        _nodes("...F0")
        + " ".join(
            f"fragment F{i} on Product {{ id {' '.join(f'...F{j}' for j in range(i + 1, n))} }}"
            for i in range(n)
        )
    ),
    # One name many times.
    lambda n: _nodes("id " * n),
    lambda n: _nodes("category { id } " * n),
    lambda n: _nodes("category { parent { parent { id } } } " * n),
    lambda n: _nodes("... on Product { category { id } } " * n),
    lambda n: f"{{ node(id: 1) {{ {'... on Lot { id } ... on Bin { id } ' * n} }} }}",
    lambda n: f"{{ {'viewer { name } ' * n} }}",
    lambda n: f"{{ {_many(n, 'a#: __schema { types { fields { name } } }')} }}",
    # What does not exist, and what is never used.
    lambda n: _nodes(_many(n, "xa#")),
    lambda n: f"{{ products({_many(n, 'firsx#: 1')}) {{ totalCount }} }}",
    lambda n: _many(n, "query Q#($a: Produc#) { viewer { name } }"),
    lambda n: f"query ({_many(n, '$a#: Int')}) {{ viewer {{ name }} }}",
    lambda n: f"query ($a: Int) {{ {_many(n, 'a#: products(first: $a) { totalCount }')} }}",
    # Many operations over one fragment, or over a chain of them.
    lambda n: _many(n, "query Q# { viewer { name } }"),
    lambda n: (
        "fragment F on Query { products(first: $a) { totalCount } } "
        + _many(n, "query Q#($a: Int) { ...F }")
    ),
    lambda n: (
        _many(n, "fragment F# on Query { ...F+ }")
        + f" fragment F{n} on Query {{ viewer {{ name }} }} "
        + _many(n, "query Q# { ...F0 }")
    ),
    # Deep, wide and long.
    lambda n: "{" * n,
    lambda n: f"{{ viewer {{ {'... { ' * n} name {'}' * n} }} }}",
    lambda n: f"{{ products(filter: {{ idIn: {'[' * n}{']' * n} }}) {{ totalCount }} }}",
    lambda n: f"{{ products(filter: {'{ a: ' * n}1{'}' * n}) {{ totalCount }} }}",
    lambda n: f"{{ products(filter: {{ idIn: [{'7, ' * n}] }}) {{ totalCount }} }}",
    lambda n: f"{{ viewer {{ name {'@skip(if: true) ' * n} }} }}",
    lambda n: "#\n" * n + "{ viewer { name } }",
]


def longest(family: Callable[[int], str]) -> str:
    """The longest text of a family that is short enough."""
    count = 1
    while len(family(count + 1)) <= LONGEST:
        count += 1
    return family(count)


def hostile(schema: GraphQLSchema, seed: int) -> str:
    """A document, the same for the same seed."""
    dice = random.Random(seed)
    kind = seed % 3
    text = _family(dice) if kind == 0 else _random(schema, dice)
    if kind == 2:
        for _ in range(dice.randint(1, 4)):
            other = _family(dice) if dice.random() < 0.5 else _random(schema, dice)
            text = _spliced(text, other, dice)
    return text[:LONGEST]


def _family(dice: random.Random) -> str:
    family = dice.choice(FAMILIES)
    text = longest(family)
    return text if dice.random() < 0.5 else family(dice.randint(1, 30))


def _random(schema: GraphQLSchema, dice: random.Random) -> str:
    text, _ = Writer(schema, dice).operation()
    return text if len(text) <= LONGEST else _random(schema, dice)


def _spliced(text: str, other: str, dice: random.Random) -> str:
    """The text with some tokens taken out and some of the other put there, again and again."""
    ours, theirs = _TOKENS.findall(text), _TOKENS.findall(other)
    place, begin = dice.randrange(len(ours)), dice.randrange(len(theirs))
    part = theirs[begin : begin + dice.randint(1, 40)] * dice.choice((1, 1, 2, 10))
    return " ".join([*ours[:place], *part, *ours[place + dice.randint(0, 20) :]])
