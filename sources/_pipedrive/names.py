"""The names of what Pipedrive's leads and persons have."""

from __future__ import annotations

from typing import Final


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


#: What a lead has, custom fields apart.
LEAD: Final = _names(
    "id title owner_id creator_id label_ids value expected_close_date person_id organization_id is_archived "
    "archive_time source_name source_deal_id origin origin_id channel channel_id was_seen next_activity_id "
    "add_time update_time visible_to cc_email"
)
#: What a person has, custom fields apart.
PERSON: Final = _names(
    "id name first_name last_name owner_id org_id add_time update_time emails phones is_deleted visible_to "
    "label_ids picture_id ims postal_address notes birthday job_title"
)
#: What a person has for those who ask for it by name.
ASKED: Final = _names(
    "next_activity_id last_activity_id open_deals_count related_open_deals_count closed_deals_count "
    "related_closed_deals_count participant_open_deals_count participant_closed_deals_count "
    "email_messages_count activities_count done_activities_count undone_activities_count files_count "
    "notes_count followers_count won_deals_count related_won_deals_count lost_deals_count "
    "related_lost_deals_count last_incoming_mail_time last_outgoing_mail_time marketing_status doi_status "
    "smart_bcc_email"
)
#: Under this name a person has all custom fields once more.
CUSTOM: Final = "custom_fields"
#: Under this name a lead has its person.
JOINED: Final = "person"
