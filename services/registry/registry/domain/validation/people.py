"""All that can be wrong with the people of a district: posts, teams, secondments, groups."""

from registry.domain.validation.contact_groups import check_contact_groups
from registry.domain.validation.draft import Draft
from registry.domain.validation.findings import Findings
from registry.domain.validation.posts import check_posts
from registry.domain.validation.secondments import check_secondments
from registry.domain.validation.teams import check_teams


def check_people(draft: Draft, findings: Findings) -> None:
    """Messages name things and times, never where they were read: what was wrong before a
    change is recognised by them."""
    check_posts(draft, findings)
    check_teams(draft, findings)
    check_secondments(draft, findings)
    check_contact_groups(draft, findings)
