"""``python -m civicgrid.flow [--check]``: the flow of events, drawn into the README.

Made from the catalogue and from each service's own table of subscriptions, so that the picture
cannot say what the code does not do. ``--check`` ends with 1 when the README is stale.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping

from case_contracts.catalogue import OWNERS, spec_of
from civicgrid.deployment.names import COMMAND_TAKERS, GATEWAY
from civicgrid.deployment.subscribed import followed_types, subscribed_types
from civicgrid.local import LocalError, checkout

BEGIN, END = "<!-- flow -->", "<!-- /flow -->"
MOST_NAMED = 6
LABELS = {
    "registry": "registry 基础信息",
    "intake": "intake 受理",
    "dispatch": "dispatch 派遣",
    "joint": "joint 联合",
    "assessment": "assessment 评价",
    "notification": "notification 通知",
    GATEWAY: "gateway 部门网关",
}


def mermaid(
    types: Mapping[str, Iterable[str]], at_once: Mapping[str, Iterable[str]] | None = None
) -> str:
    """The picture: an arrow from each owner to each subscriber, with the events' names; a thick
    one to itself for what a service follows at once."""
    lines = ["```mermaid", "flowchart LR"]
    lines += [f'  {name}["{LABELS[name]}"]' for name in (*OWNERS, GATEWAY)]
    lines += ['  people(["reporters 上报人"])', '  departments(["departments 部门"])']
    lines += ["  people -->|POST /reports| intake"]
    for (owner, subscriber), names in sorted(_arrows(types).items()):
        lines.append(f'  {owner} -->|"{_label(names)}"| {subscriber}')
    for (owner, _), names in sorted(_arrows(at_once or {}).items()):
        lines.append(f'  {owner} ==>|"{_label(names)}"| {owner}')
    lines.append(f'  {GATEWAY} <-->|"inbox, commands"| departments')
    lines += [f'  {GATEWAY} -.->|"commands"| {taker}' for taker in COMMAND_TAKERS]
    lines.append("  notification -->|notices 通知| people")
    return "\n".join([*lines, "```"])


def drawn(readme: str, picture: str) -> str:
    """The README with the picture between its markers. Raises LocalError without markers."""
    if BEGIN not in readme or END not in readme:
        raise LocalError(f"README.md lacks {BEGIN} and {END}", "put them where the picture goes")
    between = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    return between.sub(lambda _: f"{BEGIN}\n{picture}\n{END}", readme, count=1)


def _arrows(types: Mapping[str, Iterable[str]]) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for subscriber, listened in types.items():
        for event_type in listened:
            name = event_type.rsplit(".", 1)[0]
            found[(spec_of(event_type).owner, subscriber)].append(name)
    return found


def _label(names: list[str]) -> str:
    """The first few in full; of the many the README's tables tell."""
    shown = sorted(names)[:MOST_NAMED]
    rest = len(names) - len(shown)
    return "<br/>".join([*shown, f"and {rest} more"] if rest else shown)


def main(arguments: list[str]) -> int:
    """0 when drawn or up to date, 1 when stale or not possible."""
    path = checkout() / "README.md"
    readme = path.read_text(encoding="utf-8")
    try:
        wanted = drawn(readme, mermaid(subscribed_types(), followed_types()))
    except LocalError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if "--check" in arguments:
        if wanted != readme:
            sys.stderr.write("README.md's flow is stale: run `make flow`\n")
        return int(wanted != readme)
    path.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
