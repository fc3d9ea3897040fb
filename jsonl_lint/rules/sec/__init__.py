"""Secrets and personal data in texts."""
