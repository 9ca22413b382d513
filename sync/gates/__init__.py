"""Who must not be texted, and when: the rules that connector.yaml states for an endpoint. No I/O.

They are asked when a lead is about to be sent, not only when its record is mapped: by then it may be somebody
who has been texted already, who has said stop, or the middle of the night.
"""

from sync.gates.dedupe import Contact, Dedupe, DedupeField
from sync.gates.send_window import SendWindow, SendWindowField
from sync.gates.suppress import Suppress

__all__ = [
    "Contact",
    "Dedupe",
    "DedupeField",
    "SendWindow",
    "SendWindowField",
    "Suppress",
]
