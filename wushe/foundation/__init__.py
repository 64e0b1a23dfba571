"""The ground floor: workflow, journal, scope, presets, quantities, protected fields, jobs."""
