"""YAML that comes from outside: nothing in it makes the reader nest or repeat without end."""

import pytest

from service_kit.reading import Problems, parse

BOMB = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[" * 200_000, "yaml_too_much"),
        ("a: " + "{b: " * 60 + "1" + "}" * 60, "yaml_too_much"),
        (BOMB, "yaml_too_much"),
        ("a: &a [*a]", "yaml_recursive"),
        ("a: 1\na: 2", "yaml_key_twice"),
        ("a: [1", "yaml_invalid"),
        ("a: !!python/object/apply:os.system [ls]\x00", "yaml_invalid"),
    ],
)
def test_what_is_wrong_has_a_code(text: str, code: str) -> None:
    problems = Problems()
    parse(text, "standard.yaml", problems)
    assert [each.code for each in problems.found] == [code]
    assert problems.found[0].hint


def test_every_part_knows_its_line() -> None:
    problems = Problems()
    document = parse("code: 0012\nopen: 08:00\nlist:\n- a: no\n", "x.yaml", problems)
    assert document.value == {"code": "0012", "open": "08:00", "list": [{"a": "no"}]}
    assert document.origin().at(("list", 0, "a")).line == 4
    assert problems.found == []
