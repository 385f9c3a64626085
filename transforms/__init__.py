"""What happens to the data, stage by stage."""

from transforms.record_coders import register_records

# Here, so that every process that runs a transform has done it before it decodes the first record.
register_records()
