"""The region planner's desk."""
