"""The small part of OpenRosa that lets ODK Collect and KoBoCollect be used at the doors."""
