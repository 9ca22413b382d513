"""What docs/sources.md says of a source type that neither its code nor its tests can be asked.

Everything else in the matrix is read from them (`tests.docs.source_evidence`). A built-in type without an
entry here is an error of `make docs` and of the tests, and what is in backticks has to stand in its code.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Facts:
    """What has to be said by hand of one source type; each a few words, as they stand in a cell."""

    #: What every change moves, for a source that is asked for what changed since.
    moves: str = ""
    #: When a source that can only be read whole is read.
    read: str = ""
    #: What it listens to, where it can tell of changes by itself.
    listens: str = ""
    #: What it was tested against, where that is no double of a vendor's API.
    real: str = ""
    #: What was never tried, beside the real service of a double.
    untried: str = ""


FACTS: dict[str, Facts] = {
    "airtable": Facts(moves="the field that `changed` names"),
    "close": Facts(
        moves="`date_updated`, of leads and of people",
        untried="how many results a search gives, and how long its cursor lives",
    ),
    "dynamics": Facts(
        moves="`modifiedon`, then the id",
        untried="whether ids can be compared by `gt`, and what a lookup gives that is selected by its plain "
        "name",
    ),
    "gohighlevel": Facts(
        moves="`dateUpdated`, then the search's own cursor",
        untried="whether a search is taken as it is sent, since that file says nothing of its body",
    ),
    "google_sheets": Facts(read="when Drive's `version` has moved, or after `read_anyway`"),
    "housecallpro": Facts(read="at every poll"),
    "hubspot": Facts(moves="`lastmodifieddate`, of other objects `hs_lastmodifieddate`"),
    "microsoft_excel": Facts(
        read="when `eTag`, `cTag` or `lastModifiedDateTime` have moved, and in the two minutes after a save",
        untried="whether `Files.Read.All` is enough for links, and for how long content lags behind a save",
    ),
    "jobber": Facts(
        moves="`updatedAt`",
        untried="in which order lists come and what their cursors are (none is relied on), how a record that "
        "is gone is refused, and whether its sign-in sends a browser to an address of this machine",
    ),
    "pipedrive": Facts(moves="`update_time`"),
    "rest": Facts(
        moves="`changed`, where `since` asks for it",
        real="made-up JSON APIs on this machine",
        untried="any vendor's real API",
    ),
    "salesforce": Facts(moves="`SystemModstamp`, then `Id`"),
    "servicetitan": Facts(moves="`modifiedOn`, within a bulk update `id`"),
    "spreadsheet": Facts(
        read="when size, time or `ETag` differ",
        listens="saved files",
        real="real files, and downloads and stores of files from servers on this machine",
        untried="links of Google, OneDrive or Dropbox, files on a network drive, and S3, Google Cloud "
        "Storage and Azure themselves",
    ),
    "sql": Facts(
        moves="`cursor`, then `key`; or row versions: PostgreSQL's `xmin`, SQL Server's `rowversion`",
        listens="`notify` of PostgreSQL",
        untried="MySQL itself (MariaDB stands for it), SQL Server, Oracle, Snowflake, BigQuery and Redshift "
        "(only their drivers, dialects and statements are tested, see below), and hosted databases",
    ),
    "zoho": Facts(
        moves="`Modified_Time`",
        untried="whether `If-Modified-Since` includes the second itself (both are provided for), and whether "
        "`converted` takes `both`",
    ),
}
