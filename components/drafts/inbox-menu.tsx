'use client';

import { Ellipsis } from 'lucide-react';
import { mayNotify, playDraftSound, setDraftAlerts, useDraftAlerts } from '@/components/shell/draft-alerts';
import { IconButton } from '@/components/ui/icon-button';
import { Menu, MenuChoice, MenuLabel } from '@/components/ui/menu';
import { showToast } from '@/components/ui/toast';

const onOff = (what: string) => [
  { value: 'off' as const, label: `No ${what}` },
  { value: 'on' as const, label: `With ${what}` },
];

/** How this browser tells of new drafts. */
export function InboxMenu() {
  const alerts = useDraftAlerts();
  const notify = async (on: boolean) => {
    if (on && !(await mayNotify())) {
      showToast({ text: 'This browser does not allow notifications here.', tone: 'fail' });
      return;
    }
    setDraftAlerts({ ...alerts, notification: on });
  };
  const sound = (on: boolean) => {
    if (on) playDraftSound();
    setDraftAlerts({ ...alerts, sound: on });
  };
  return (
    <Menu trigger={<IconButton icon={Ellipsis} label="How new drafts are told" size="small" variant="plain" />}>
      <MenuLabel>When a draft parks</MenuLabel>
      <MenuChoice
        label="Notification"
        value={alerts.notification ? 'on' : 'off'}
        choices={onOff('a notification')}
        onChange={(value) => void notify(value === 'on')}
      />
      <MenuChoice
        label="Sound"
        value={alerts.sound ? 'on' : 'off'}
        choices={onOff('a sound')}
        onChange={(value) => sound(value === 'on')}
      />
    </Menu>
  );
}
