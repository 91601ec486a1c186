"""What can be asked of a report about links, at a glance."""

from intake.commands.decline_link import DeclineLink, decline_link
from intake.commands.link_report import LinkReport, link_report
from intake.commands.propose_link import ProposeLink, propose_link
from intake.commands.unlink_report import UnlinkReport, unlink_report
from intake.domain.deciding import Decide
from intake.domain.report import ReportState

LINKING: dict[type, Decide[ReportState]] = {
    ProposeLink: propose_link,
    LinkReport: link_report,
    UnlinkReport: unlink_report,
    DeclineLink: decline_link,
}
