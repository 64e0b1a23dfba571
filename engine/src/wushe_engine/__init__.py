"""The linkage engine: who serves whom, when, with which money, and why."""

__version__ = "0.1.1"
