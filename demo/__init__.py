"""The main job on a made-up company: its systems, a Hatch of this machine's own, and the real command."""
