"""How far each CRM is looked back, against what its vendor says, or others have seen, of late changes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from sources.airtable import Airtable
from sources.close import Close
from sources.dynamics import Dynamics
from sources.gohighlevel import Gohighlevel
from sources.google_sheets import GoogleSheets
from sources.housecallpro import Housecallpro
from sources.hubspot import Hubspot
from sources.jobber import Jobber
from sources.microsoft_excel import MicrosoftExcel
from sources.pipedrive import Pipedrive
from sources.salesforce import Salesforce
from sources.servicetitan import Servicetitan
from sources.zoho import Zoho

if TYPE_CHECKING:
    from sources.base import HasLookback, Source

#: Of these the vendor tells, or it was seen, how late a change can show.
TOLD = {
    Hubspot: timedelta(hours=1),  # searches were seen to be late by nearly an hour
    Salesforce: timedelta(minutes=10),  # a transaction of Apex may last that long
    Close: timedelta(minutes=5),  # the vendor says to read the latest five minutes again
    Servicetitan: timedelta(minutes=10),  # five to ten minutes, says the vendor of its feed
    Dynamics: timedelta(minutes=2),  # a transaction may last that long
}
#: Of these nobody tells: some minutes, for a change that was written while the poll before was reading.
UNTOLD = dict.fromkeys((Pipedrive, Zoho, Gohighlevel, Jobber, Airtable), timedelta(minutes=2))


@pytest.mark.parametrize(("kind", "late"), [*TOLD.items(), *UNTOLD.items()])
def test_no_less_is_looked_back_than_a_change_may_be_late(kind: type[HasLookback], late: timedelta) -> None:
    assert kind.default_lookback >= late


@pytest.mark.parametrize("kind", [Housecallpro, GoogleSheets, MicrosoftExcel])
def test_what_is_read_whole_has_nothing_to_look_back_to(kind: type[Source]) -> None:
    assert not hasattr(kind, "default_lookback")
