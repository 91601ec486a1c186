"""A receipt code as people read and type it."""

GROUP = 4


def in_groups(code: str) -> str:
    """``7KQ2-M9WX-CB4TH``: groups of four, the last with the check letter."""
    parts = [code[at : at + GROUP] for at in range(0, len(code), GROUP)]
    if len(parts) > 1 and len(parts[-1]) < GROUP:
        last = parts.pop()
        parts[-1] += last
    return "-".join(parts)


def plain(typed: str) -> str:
    """As intake knows it, however it was typed."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())
