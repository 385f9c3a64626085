"""What becomes of each entry: new, a version, a copy or a repeat; and which stories are one."""
