"""Ingestion without end: sources polled at ticks, and windows of what they brought, each committed as a run."""
