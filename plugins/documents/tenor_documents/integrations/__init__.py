"""What documents does together with other plugins, where they are enabled too."""
