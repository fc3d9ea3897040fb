"""Measurements, run by hand; `docs/performance.md` says how."""
