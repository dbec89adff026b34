"""The HTTP interface: parse, ask services, serialise. It computes nothing."""
