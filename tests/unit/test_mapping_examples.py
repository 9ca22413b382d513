"""The examples of a mapping file are run, and what differs is said with its line."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sync.mapping import parse_mapping

MAPPING = """\
where: stage == 'lead'
lead:
  contactID: id
  phoneNumber: phone
  status: { from: state, values: { NEW: new }, default: other }
custom:
  town: city
examples:
"""


def run(examples: str) -> list[str]:
    compiled = parse_mapping(MAPPING + examples, "m.yaml", timezone=ZoneInfo("UTC"))
    return list(map(str, compiled.run_examples()))


def test_examples_that_hold_say_nothing() -> None:
    assert (
        run(
            "  - record: { id: 7, stage: lead, phone: (804) 555-0123, state: NEW, city: Richmond }\n"
            '    lead: { contactID: "7", phoneNumber: "8045550123", status: new, id: example-1, email: }\n'
            "    custom: { town: Richmond }\n"
            "  - record: { stage: won }\n"
            "    skip: true\n"
            "  - record: { stage: lead, phone: 12 }\n"
            "    invalid: not a phone number\n"
            "  - record: { stage: lead, phone: 8045550123 }\n"
            "    key: 12\n"
            "    lead: { id: 12, contactID: }\n"
            "  - record: { stage: lead, phone: 8045550123 }\n"
            "    lead: { id: example-5 }\n"
        )
        == []
    )


def test_examples_that_do_not_hold_say_what_was_expected_and_what_came() -> None:
    skipped = "a skipped record (where: stage == 'lead' (m.yaml:1))"
    aside = (
        "a record set aside (m.yaml:4:16: lead.phoneNumber: a number of 2 digits: not a phone number; "
        "expected ten digits, or + and a country code)"
    )
    assert run(
        "  - record: { stage: lead, phone: (804) 555-0123 }\n"
        '    lead: { phoneNumber: "8045550124", contactID: "7" }\n'
        "    custom: { town: Richmond }\n"
        "  - record: { stage: lead, phone: (804) 555-0123 }\n"
        "    skip: true\n"
        "  - record: { stage: lead, phone: (804) 555-0123 }\n"
        "    invalid: no phone\n"
        "  - record: { stage: won }\n"
        "    lead: { status: new }\n"
        "  - record: { stage: won }\n"
        "    skip: false\n"
        "  - record: { stage: lead, phone: 12 }\n"
        "    invalid: something else\n"
    ) == [
        'm.yaml:10:26: examples[0].lead.phoneNumber: expected "8045550124", got "8045550123"',
        'm.yaml:10:51: examples[0].lead.contactID: expected "7", got nothing',
        'm.yaml:11:21: examples[0].custom.town: expected "Richmond", got nothing',
        "m.yaml:13:11: examples[1].skip: expected a skipped record, got a lead",
        "m.yaml:15:14: examples[2].invalid: expected a record set aside for 'no phone', got a lead",
        "m.yaml:16:5: examples[3]: expected a lead, got a skipped record (where: stage == 'lead' (m.yaml:1))",
        f"m.yaml:19:11: examples[4].skip: expected no skip, got {skipped}",
        f"m.yaml:21:14: examples[5].invalid: expected a record set aside for 'something else', got {aside}",
    ]
