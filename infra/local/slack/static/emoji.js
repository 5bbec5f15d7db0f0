// The named emoji that an incident app is likely to send. A name that is not here stays text.

export const EMOJI = {
  "+1": "👍", "-1": "👎", "white_check_mark": "✅", "heavy_check_mark": "✔️", "x": "❌", "warning": "⚠️", "rotating_light": "🚨",
  "fire": "🔥", "mag": "🔍", "memo": "📝", "link": "🔗", "bell": "🔔", "no_bell": "🔕", "clock1": "🕐", "hourglass": "⌛",
  "hourglass_flowing_sand": "⏳", "stopwatch": "⏱️", "alarm_clock": "⏰", "calendar": "📅", "date": "📅", "red_circle": "🔴",
  "large_orange_circle": "🟠", "large_yellow_circle": "🟡", "large_green_circle": "🟢", "large_blue_circle": "🔵", "white_circle": "⚪",
  "black_circle": "⚫", "satellite": "🛰️", "satellite_antenna": "📡", "mute": "🔇", "loudspeaker": "📢", "mega": "📣", "bulb": "💡",
  "wrench": "🔧", "hammer_and_wrench": "🛠️", "lock": "🔒", "key": "🔑", "eyes": "👀", "wave": "👋", "tada": "🎉", "book": "📖",
  "books": "📚", "open_book": "📖", "bookmark": "🔖", "pushpin": "📌", "clipboard": "📋", "bar_chart": "📊",
  "chart_with_upwards_trend": "📈", "chart_with_downwards_trend": "📉", "arrow_right": "➡️", "arrow_up": "⬆️", "arrow_down": "⬇️",
  "leftwards_arrow_with_hook": "↩️", "arrows_counterclockwise": "🔄", "repeat": "🔁", "question": "❓", "exclamation": "❗",
  "information_source": "ℹ️", "no_entry": "⛔", "zzz": "💤", "robot_face": "🤖", "bust_in_silhouette": "👤", "busts_in_silhouette": "👥",
  "handshake": "🤝", "pray": "🙏", "raised_hands": "🙌", "slightly_smiling_face": "🙂", "smile": "😄", "thinking_face": "🤔", "email": "📧",
  "envelope": "✉️", "inbox_tray": "📥", "outbox_tray": "📤", "package": "📦", "cloud": "☁️", "zap": "⚡", "star": "⭐", "heart": "❤️",
};
