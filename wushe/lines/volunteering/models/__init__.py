"""Volunteering: activities with shifts and sign-ups, hours with their provenance, and what is certified about them."""

from .activities import Activity, Agreement, Photo, Shift, SignUp, Swap
from .attendance import Attendee, Presence
from .certificates import Award, Certificate, Star
from .hours import Correction, HourRecord, Message

__all__ = [
    "Activity", "Agreement", "Attendee", "Award", "Certificate", "Correction", "HourRecord", "Message", "Photo", "Presence",
    "Shift", "SignUp", "Star", "Swap",
]  # fmt: skip
