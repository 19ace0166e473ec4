"""What this plugin does where others are enabled too."""
