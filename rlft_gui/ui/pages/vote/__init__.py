"""Answers judged blind, one pair after another, by keyboard."""
