"""Room on a broker, from what it prints."""

import pytest

from civicgrid.local import LocalError
from civicgrid.local.handles import Handles, handles_for, parse_handles, require_room

QUORUM = {"arguments": {"x-queue-type": "quorum"}}
DEFINITIONS = {"vhosts": [{}, {}], "queues": [QUORUM, QUORUM, {"arguments": {}}]}


def test_what_the_broker_prints_is_read() -> None:
    said = "[{total_limit,927},{total_used,316},{sockets_limit,832},{sockets_used,8}]"
    assert parse_handles(said) == Handles(used=316, limit=927)


def test_a_broker_that_does_not_count_them_has_no_limit() -> None:
    assert parse_handles("{'EXIT',{undef,[{file_handle_cache,info,[],[]}]}}") is None
    require_room(None, DEFINITIONS)


def test_vhosts_and_quorum_queues_are_counted() -> None:
    assert handles_for(DEFINITIONS) == 2 * 2 + 2 * 3


def test_a_full_broker_is_refused_with_what_to_do() -> None:
    require_room(Handles(used=817, limit=927), DEFINITIONS)
    with pytest.raises(LocalError, match=r"818 of 927 .* 110 more") as refused:
        require_room(Handles(used=818, limit=927), DEFINITIONS)
    assert "LimitNOFILE" in refused.value.remedy
