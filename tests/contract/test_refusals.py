"""The list of refusals is what the services really say: no code is missing, none is left over,
and ``retry`` is what is sent."""

import ast
from collections.abc import Iterator
from pathlib import Path

from case_contracts.refusals import OF_COMMANDS, OF_EVIDENCE, OF_HTTP
from civicgrid.local.paths import checkout
from dispatch.commands.department_command import RETRYABLE
from dispatch.commands.department_rows import STEPS
from gateway.adapters.evidence import PASSED_ON
from intake.api.evidence.body import TooSlow
from intake.domain.evidence.errors import EvidenceFull, Gone, Unreadable, UnsupportedType
from joint.domain.state import Presence
from service_kit import errors
from service_kit.http import problems

SERVICES, KIT = checkout() / "services", checkout() / "shared" / "kit"


def test_every_code_that_refuses_a_command_is_listed_and_no_other() -> None:
    assert set(OF_COMMANDS) == of_dispatch() | of_joint() | of_gateway()


def test_retry_is_what_is_sent() -> None:
    """Dispatch alone ever says yes."""
    assert {code for code, said in OF_COMMANDS.items() if said.retry} == RETRYABLE
    assert _says_retry("joint") == _says_retry("gateway") == {"False"}


def test_every_problem_of_the_gateway_is_listed_with_its_status_and_retry() -> None:
    sent = {each.code: (each.status, each.retry) for each in _kinds()}
    plain = {code: (status, False) for status, code in problems._CODES.items()}
    sent |= plain | {"internal_error": (500, False)}
    listed = {code: (said.status, said.retry) for code, said in OF_HTTP.items()}
    assert listed == {code: sent[code] for code in listed}
    assert set(listed) == _raised() | set(plain) | {"internal_error", "invalid"}


NOT_OF_TASKS = {"withdrawn", "damaged"}
"""Of a reporter's own evidence, and what becomes ``unavailable`` at the gateway."""


def test_every_code_that_evidence_is_refused_with_is_listed_with_its_status() -> None:
    ours = (
        TooSlow, EvidenceFull, Gone, Unreadable, UnsupportedType, errors.KeyReused, errors.Erased,
    )  # fmt: skip
    assert of_evidence() | {each.code for each in ours} == set(OF_EVIDENCE)
    for each in ours:
        listed = OF_EVIDENCE[each.code]
        assert (listed.status, listed.retry) == (each.status, each.retry)
    assert {said.status for said in OF_EVIDENCE.values()} <= PASSED_ON


def of_evidence() -> set[str]:
    """What is said beside the codes of the errors' classes."""
    intake = SERVICES / "intake" / "intake"
    folders = [intake / room / "evidence" for room in ("api", "domain", "adapters")]
    trees = [_tree(path) for folder in folders for path in folder.rglob("*.py")]
    unclean = [call.args[0] for tree in trees for call in _calls(tree, "Unclean")]
    calls = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call))
    coded = [k.value for call in calls for k in call.keywords if k.arg == "code"]
    return {text for node in [*unclean, *coded] for text in _texts(node)} - NOT_OF_TASKS


def of_dispatch() -> set[str]:
    """What the state machine says, and what is raised in the modules that decide."""
    rows = {need.code for step in STEPS.values() for need in step.needs}
    files = _reached("dispatch", "dispatch.commands.department_command")
    return rows | {step.code for step in STEPS.values()} | set(_refused(files))


def of_joint() -> set[str]:
    found = set(_refused(_reached("joint", "joint.commands.department_command")))
    return found - {"unit_is_"} | {f"unit_is_{presence}" for presence in Presence}


def of_gateway() -> set[str]:
    """What the desk refuses with, and what the rights say."""
    desk = _calls(_tree(SERVICES / "gateway" / "gateway" / "commands" / "desk.py"), "_refuse")
    said = {text for call in desk for text in _texts(call.args[-1])}
    rights = ast.walk(_tree(SERVICES / "gateway" / "gateway" / "domain" / "rights.py"))
    returned = (node.value for node in rights if isinstance(node, ast.Return) and node.value)
    return said | {text for value in returned for text in _texts(value) if "_" in text}


def _raised() -> set[str]:
    """The codes of the errors that are raised on the way of a department's request."""
    folders = (SERVICES / "gateway" / "gateway" / "api", KIT / "service_kit" / "http")
    files = [*(path for folder in folders for path in folder.glob("*.py"))]
    names = {each.__name__: each.code for each in _kinds()}
    called = (node for path in files for node in ast.walk(_tree(path)) if _is_name(node, names))
    return {names[node.id] for node in called if isinstance(node, ast.Name)}


def _is_name(node: ast.AST, names: dict[str, str]) -> bool:
    return isinstance(node, ast.Name) and node.id in names


def _kinds() -> list[type[errors.CivicError]]:
    return errors.CivicError.__subclasses__()


def _says_retry(service: str) -> set[str]:
    files = (SERVICES / service / service / "commands").glob("*.py")
    calls = [node for path in files for node in ast.walk(_tree(path))]
    keywords = [k for node in calls if isinstance(node, ast.Call) for k in node.keywords]
    named = {ast.unparse(k.value) for k in keywords if k.arg == "retry"}
    dicts = [zip(n.keys, n.values, strict=True) for n in calls if isinstance(n, ast.Dict)]
    items = [item for each in dicts for item in each]
    return named | {ast.unparse(v) for k, v in items if k and ast.unparse(k) == "'retry'"}


def _refused(files: list[Path]) -> Iterator[str]:
    """The texts of ``Refused(code=...)``; what comes from a row of the machine is not one."""
    for call in (found for path in files for found in _calls(_tree(path), "Refused")):
        for keyword in call.keywords:
            if keyword.arg == "code":
                yield from _texts(keyword.value)


def _calls(tree: ast.Module, name: str) -> list[ast.Call]:
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return [call for call in calls if ast.unparse(call.func).split(".")[-1] == name]


def _texts(node: ast.AST) -> list[str]:
    within = [each for each in ast.walk(node) if isinstance(each, ast.Constant)]
    return [each.value for each in within if isinstance(each.value, str)]


def _reached(service: str, module: str) -> list[Path]:
    """The files of the service that a module imports, and those that these import, and so on."""
    found: dict[str, Path] = {}
    left = [module]
    while left:
        name = left.pop()
        path = (SERVICES / service).joinpath(*name.split(".")).with_suffix(".py")
        if name in found or not path.is_file():
            continue
        found[name] = path
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(service):
                left += [str(node.module), *(f"{node.module}.{each.name}" for each in node.names)]
    return list(found.values())


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))
