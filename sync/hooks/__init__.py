"""Webhooks: systems that call when something has changed, which is never more than a hint to poll now.

What a call says about leads is not read: whoever forges or repeats one has a source polled, and no more.
"""

from __future__ import annotations

from sync.hooks.kinds import Hook, HookField
from sync.hooks.settings import HooksSettings

__all__ = ["Hook", "HookField", "HooksSettings"]
