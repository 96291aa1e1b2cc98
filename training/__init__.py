"""What is needed to build Musnad's lexicons and models; not part of the installed package."""
