"""Volunteering: activities with shifts and sign-ups, hours with their provenance, and what is certified about them."""

from .activities import Activity, Agreement, Photo, Shift, SignUp, Swap
from .certificates import Award, Certificate, Star
from .hours import Correction, HourRecord, Message

__all__ = [
    "Activity", "Agreement", "Award", "Certificate", "Correction", "HourRecord", "Message", "Photo", "Shift", "SignUp",
    "Star", "Swap",
]  # fmt: skip
