"""The same replay twice, undisturbed and with processes killed at random: what differs?"""
