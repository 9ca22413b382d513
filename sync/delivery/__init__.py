"""Delivery: claim, POST, settle. Lanes, pace, patience and an orderly stop."""

from __future__ import annotations

from sync.delivery.courier import Courier
from sync.delivery.ending import Goal
from sync.delivery.policy import Policy
from sync.delivery.report import Delivered, Ending
from sync.delivery.waiting import SystemTime, Time

__all__ = ["Courier", "Delivered", "Ending", "Goal", "Policy", "SystemTime", "Time"]
