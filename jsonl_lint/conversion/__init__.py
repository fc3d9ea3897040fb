"""Conversions between formats of training data, all of them over chat."""
