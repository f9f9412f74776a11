"""What jobs ask of the outside, as small Protocols named for a role, never for a technology. One file a role."""
