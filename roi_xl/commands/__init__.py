"""The commands of `roi-xl`, a module an area; each adds its own to the group."""
