"""Permalinks and kept quotations: do they still stand where they stood?"""
