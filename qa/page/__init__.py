"""The web page without Gradio: what it shows, what it keeps, and how it is served and guarded."""

import os

# Nothing is told to anybody, looked up or downloaded, and Gradio's own records of calls are kept short.
# What serves the page reads this when it is imported, so it is set before.
os.environ.update(
    GRADIO_ANALYTICS_ENABLED="False",
    GRADIO_ANALYTICS_MAX_EVENTS="1",
    GRADIO_ANALYTICS_CACHE_FREQUENCY=str(10**9),
    GRADIO_MCP_SERVER="False",
    GRADIO_RUN_HISTORY="False",
    GRADIO_SHARE="False",
    GRADIO_SSR_MODE="False",
    GRADIO_VIBE_MODE="",
    HF_HUB_DISABLE_TELEMETRY="1",
    HF_HUB_OFFLINE="1",
    FASTAPI_OTEL_AUTO_CONFIGURE="false",
    OTEL_SDK_DISABLED="true",
)
